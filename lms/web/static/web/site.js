// After a refused form, go to the list of problems. Everything works without this file.
const problems = document.querySelector(".error-summary");
if (problems) problems.focus();
