"""Reading manifests: text in YAML or JSON becomes checked values that know their lines."""
