"""What runs it all: settings, wiring, HTTP, GraphQL, command line, scheduler."""
