using Kith.Contracts.Media;
using Kith.Contracts.Sql;

namespace Kith.Engine.Tests.Sqlite;

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class SqliteAttachmentStoreTests(SqliteFixture sqlite) : SqlAttachmentStoreSuite(sqlite.Database);

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class SqliteImageStoreTests(SqliteFixture sqlite) : SqlImageStoreSuite(sqlite.Database);
