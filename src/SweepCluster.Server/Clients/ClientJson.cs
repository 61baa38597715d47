using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SweepCluster.Server.Api;

namespace SweepCluster.Server.Clients;

/// <summary>The API's JSON as a client reads it: what a newer server says beyond what is known here is passed over.</summary>
internal static class ClientJson
{
    private static readonly JsonSerializerOptions s_options = new(ApiJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
        TypeInfoResolver = ApiJson.Default,
    };

    /// <summary>How a type is read and written.</summary>
    internal static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)s_options.GetTypeInfo(typeof(T));
}
