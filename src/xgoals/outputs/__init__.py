"""What leaves xgoals as files: exports of what is stored, and scores for shots from outside."""
