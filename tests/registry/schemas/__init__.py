"""Tests of subjects and their versions."""
