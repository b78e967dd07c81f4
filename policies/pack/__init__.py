"""Policies that come with the control plane: one file a rule, with its cases; profiles choose among them."""
