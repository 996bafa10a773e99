"""What rules ask of people: whom they cover, what follows from that, who is told."""
