"""The tests read as documentation: they mirror `lib/`, one folder per layer."""
