"""`python infra/deploy secrets|smoke`: the Secrets of an installation, as files."""

import sys

from deployment.cli import main

sys.exit(main())
