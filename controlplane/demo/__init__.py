"""The example company: a seeded simulator, its emitter over OTLP, and ``controlplane demo`` around both."""
