using Npgsql;
using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class KerberosLibraryTests
{
    [Theory]
    [InlineData("", null, false, GssEncryptionMode.Disable)]
    [InlineData("", "", false, GssEncryptionMode.Disable)]
    [InlineData("", "prefer", false, GssEncryptionMode.Disable)]
    [InlineData(";GSS Encryption Mode=Prefer", null, false, GssEncryptionMode.Disable)]
    [InlineData(";GSS Encryption Mode=Prefer", "require", false, GssEncryptionMode.Disable)] // the address comes first
    [InlineData(";GSS Encryption Mode=Require", null, false, GssEncryptionMode.Require)]
    [InlineData(";GSS Encryption Mode=Disable", null, true, GssEncryptionMode.Disable)]
    [InlineData("", null, true, GssEncryptionMode.Prefer)]
    public void Settle_WithAndWithoutTheLibrary_GivesUpOnlyWhatCannotBeHad(string wish, string? environment, bool isThere, GssEncryptionMode expected)
    {
        NpgsqlConnectionStringBuilder address = new($"Host=db;SSL Mode=VerifyFull{wish}");

        KerberosLibrary.Settle(address, isThere, environment);

        Assert.Equal((expected, SslMode.VerifyFull), (address.GssEncryptionMode, address.SslMode));
    }

    // Npgsql looks at the variable where the address says nothing: it must go on saying nothing.
    [Theory, InlineData("require"), InlineData("Require"), InlineData("disable"), InlineData("nonsense")]
    public void Settle_WhatTheEnvironmentSays_IsLeftToNpgsql(string environment)
    {
        NpgsqlConnectionStringBuilder address = new("Host=db");

        KerberosLibrary.Settle(address, isThere: false, environment);

        Assert.False(address.ShouldSerialize("GSS Encryption Mode"));
    }
}
