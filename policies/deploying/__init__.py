"""May a version be deployed: is it compatible with what runs in an environment."""
