using System.Text.Json.Nodes;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Something that can be asked, as the OpenAPI document or an endpoint has it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, parameters in braces.</param>
/// <param name="Query">Names of query parameters.</param>
/// <param name="Headers">Names of header parameters.</param>
/// <param name="Body">An example of a body; null: none.</param>
/// <param name="Members">Names that the body's schema knows.</param>
/// <param name="IsApi">Whether it answers problems as documents.</param>
internal sealed record ApiOperation(string Method, string Path, string[] Query, string[] Headers, JsonNode? Body, string[] Members, bool IsApi);
