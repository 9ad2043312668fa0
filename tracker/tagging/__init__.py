"""Text becomes mentions: catalogue, matching, salience."""
