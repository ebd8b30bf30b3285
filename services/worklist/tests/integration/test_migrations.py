from testkit.migration_suite import MigrationSuite


class TestMigrations(MigrationSuite):
    service = "worklist"
