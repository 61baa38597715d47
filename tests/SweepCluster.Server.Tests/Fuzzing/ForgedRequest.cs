using System.Text;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>A request as it goes over the line.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="IsApi">Whether its answer, where it is a refusal, must be a problem document.</param>
/// <param name="IsBrokenHttp">Whether it is no HTTP that a server must answer.</param>
internal sealed record ForgedRequest(byte[] Bytes, bool IsApi, bool IsBrokenHttp)
{
    /// <summary>Its beginning, for messages.</summary>
    public string Beginning => Encoding.Latin1.GetString(Bytes, 0, Math.Min(Bytes.Length, 700)).ReplaceLineEndings("\n  ");
}
