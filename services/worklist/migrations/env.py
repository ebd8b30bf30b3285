from servicekit import migrations
from worklist.adapters.tables import metadata

migrations.run(metadata)
