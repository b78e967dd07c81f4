"""Access: roles, tokens for programs, sessions for people."""
