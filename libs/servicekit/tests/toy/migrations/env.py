from servicekit import migrations
from toy.adapters import metadata

migrations.run(metadata)
