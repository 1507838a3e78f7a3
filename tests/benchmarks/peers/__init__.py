"""The engines that are measured against each other, one file each. See `base.Peer`."""
