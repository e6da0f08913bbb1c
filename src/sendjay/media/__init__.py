"""Looking into pictures and videos: in a process of its own, never beside the talk."""
