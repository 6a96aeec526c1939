"""ClipSpec to Timeline: camera path and gait, weapon state machine, events. Numpy only."""
