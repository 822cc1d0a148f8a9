// Runs before anything is drawn: what needs JavaScript is shown, and what stands in its place is not.
document.documentElement.classList.add("js");
