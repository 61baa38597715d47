namespace SweepCluster.Server.Access.Oidc;

/// <summary>The signatures that are taken, all by a public key: with no secret in common, none can be mistaken for another's.</summary>
internal enum SignatureAlgorithm
{
    /// <summary>RSA with PKCS #1 1.5 padding and SHA-256.</summary>
    Rs256,

    /// <summary>RSA with PSS padding and SHA-256.</summary>
    Ps256,

    /// <summary>ECDSA over P-256 with SHA-256.</summary>
    Es256,
}
