"""Levels of providers: judged with every explanation, learnt where one is off."""
