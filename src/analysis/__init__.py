"""Who lives where, and what is there for them: segregation and provision per wijk."""
