"""What the explorer reads beside a champion: shots by what people call them, their scenes, and where they are told of."""
