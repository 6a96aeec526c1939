"""Timeline to sound track."""
