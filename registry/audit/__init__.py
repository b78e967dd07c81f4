"""The audit log: who changed what, when and why, in a chain that shows tampering."""
