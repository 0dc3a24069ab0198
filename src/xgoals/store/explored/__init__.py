"""What the explorer reads beside a champion: shots by what people call them, and their scenes."""
