using Kith.Contracts.Media;
using Kith.Contracts.Sql;

namespace Kith.Cluster.Tests.MySql;

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class MySqlAttachmentStoreTests(MySqlFixture mysql) : SqlAttachmentStoreSuite(mysql.Database);

[Collection(AttachmentStoreContract.DoomsAll)]
public sealed class MySqlImageStoreTests(MySqlFixture mysql) : SqlImageStoreSuite(mysql.Database);
