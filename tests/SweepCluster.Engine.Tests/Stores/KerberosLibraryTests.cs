using Npgsql;
using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class KerberosLibraryTests
{
    [Theory]
    [InlineData("", false, GssEncryptionMode.Disable)]
    [InlineData(";GSS Encryption Mode=Prefer", false, GssEncryptionMode.Disable)]
    [InlineData(";GSS Encryption Mode=Require", false, GssEncryptionMode.Require)]
    [InlineData(";GSS Encryption Mode=Disable", true, GssEncryptionMode.Disable)]
    [InlineData("", true, GssEncryptionMode.Prefer)]
    public void Settle_WithAndWithoutTheLibrary_GivesUpOnlyWhatCannotBeHad(string wish, bool isThere, GssEncryptionMode expected)
    {
        NpgsqlConnectionStringBuilder address = new($"Host=db;SSL Mode=VerifyFull{wish}");

        KerberosLibrary.Settle(address, isThere);

        Assert.Equal((expected, SslMode.VerifyFull), (address.GssEncryptionMode, address.SslMode));
    }
}
