using System.Runtime.InteropServices;
using Npgsql;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>Keeps Npgsql from asking for Kerberos where its library is not there, as in a container: it would try with every new process and write of it to stderr.</summary>
public static class KerberosLibrary
{
    private const string Name = "libgssapi_krb5.so.2"; // what .NET loads on Linux

    private const string Setting = "GSS Encryption Mode", Variable = "PGGSSENCMODE"; // of a connection string, and of the environment, which Npgsql reads where the string says nothing

    private static readonly Lazy<bool> s_isThere = new(IsThere);

    /// <summary>Turns encryption by GSSAPI off where it was only preferred and cannot be had. Where the address or the environment demands it, it stays demanded.</summary>
    /// <param name="address">The address, which is changed.</param>
    public static void Settle(NpgsqlConnectionStringBuilder address) => Settle(address, s_isThere.Value, Environment.GetEnvironmentVariable(Variable));

    internal static void Settle(NpgsqlConnectionStringBuilder address, bool isThere, string? environment)
    {
        bool isSaidElsewhere = !address.ShouldSerialize(Setting) && !string.IsNullOrEmpty(environment) && !environment.Equals(nameof(GssEncryptionMode.Prefer), StringComparison.OrdinalIgnoreCase);
        if (!isThere && !isSaidElsewhere && address.GssEncryptionMode == GssEncryptionMode.Prefer)
        {
            address.GssEncryptionMode = GssEncryptionMode.Disable;
        }
    }

    private static bool IsThere()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        bool isThere = NativeLibrary.TryLoad(Name, out nint library);
        if (isThere)
        {
            NativeLibrary.Free(library);
        }

        return isThere;
    }
}
