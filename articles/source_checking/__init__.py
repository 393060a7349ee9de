"""What others say of the works that articles cite: read from files, matched, made into tasks."""
