"""`python infra/docker --help`: the images of the platform."""

import sys

from images.cli import main

sys.exit(main())
