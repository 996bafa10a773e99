"""Training needs: what employers ask for, what fits, what similar needs there are, and what people lack."""
