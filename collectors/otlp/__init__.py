"""OTLP receivers for gRPC and HTTP, and the checks that a request passes before it joins a batch."""
