from criminal_transfer.adapters.tables import metadata
from servicekit import migrations

migrations.run(metadata)
