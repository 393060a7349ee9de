"""What members are told, where, and how they end it."""
