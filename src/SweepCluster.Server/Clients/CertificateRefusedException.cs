using System.Security.Authentication;

namespace SweepCluster.Server.Clients;

/// <summary>A server's certificate was refused. The message is what is wrong with its chain, in the words of the runtime.</summary>
internal sealed class CertificateRefusedException(bool isMisnamed, bool isUntrusted, string chain) : AuthenticationException(chain)
{
    /// <summary>Whether it is for another name.</summary>
    internal bool IsMisnamed { get; } = isMisnamed;

    /// <summary>Whether no authority that is trusted signed it, or it holds no more.</summary>
    internal bool IsUntrusted { get; } = isUntrusted;
}
