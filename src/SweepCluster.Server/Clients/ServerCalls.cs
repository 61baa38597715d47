using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>Requests to a server. What fails for a passing reason is asked again after a pause that grows, for two minutes; a server that never answered is not waited for.</summary>
internal sealed class ServerCalls : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2); // a restart of the server, or of what it stands on
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_usualWait = TimeSpan.FromSeconds(100);

    /// <summary>Longest time without a byte of a body that is on its way.</summary>
    internal static TimeSpan Silence { get; } = TimeSpan.FromMinutes(1);

    private readonly ServerAddress _address;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private volatile bool _hasAnswered;

    /// <summary>Connects with the first request.</summary>
    /// <exception cref="BadInputException">The authorities' file cannot be used.</exception>
    internal ServerCalls(ServerAddress address, TimeProvider time)
    {
        _address = address;
        _time = time;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false, // a token is sent nowhere else
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names may come to mean other machines
            UseProxy = !address.Url.IsLoopback,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = new CertificateCheck(address.Authorities).Check;
        _http = new HttpClient(handler) { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sweep", Engine.Sessions.SweepModel.Version));
        if (address.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Gets something.</summary>
    /// <exception cref="SweepException">As <see cref="CallAsync"/>.</exception>
    internal Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => CallAsync(() => new(HttpMethod.Get, Relative(path)), ReadAsync<T>, s_usualWait, cancellationToken);

    /// <summary>Sends something and reads what comes back.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Where to.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="key">Under which the server knows a second try; null where it needs none.</param>
    /// <param name="wait">Longest time to the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SweepException">As <see cref="CallAsync"/>.</exception>
    internal Task<TAnswer> SendAsync<TBody, TAnswer>(HttpMethod method, string path, TBody body, string? key, TimeSpan wait, CancellationToken cancellationToken) =>
        CallAsync(() => Make(method, path, body, key), ReadAsync<TAnswer>, wait, cancellationToken);

    /// <summary>Sends something and reads what comes back; null where there is nothing of what the path or the body names.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Where to.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="wait">Longest time to the answer.</param>
    /// <param name="none">The status that says that there is nothing, which is no fault.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SweepException">As <see cref="CallAsync"/>.</exception>
    internal Task<TAnswer?> TrySendAsync<TBody, TAnswer>(HttpMethod method, string path, TBody body, TimeSpan wait, HttpStatusCode none, CancellationToken cancellationToken)
        where TAnswer : class => TryCallAsync(() => Make(method, path, body, null), ReadAsync<TAnswer>, wait, none, cancellationToken);

    /// <summary>Asks until there is an answer.</summary>
    /// <typeparam name="T">What is made of the answer.</typeparam>
    /// <param name="make">Makes the request, anew for each try.</param>
    /// <param name="read">Reads an answer that is a success; where the connection is lost meanwhile, all is done again.</param>
    /// <param name="wait">Longest time to an answer's head.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The server does not take the request, or whoever asks.</exception>
    /// <exception cref="Engine.Clusters.WrongPhaseException">Things are not as they must be for it.</exception>
    /// <exception cref="StoreUnavailableException">Nothing answers, or not in time.</exception>
    internal async Task<T> CallAsync<T>(Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read, TimeSpan wait, CancellationToken cancellationToken) =>
        (await TryCallAsync(make, read, wait, none: null, cancellationToken))!;

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="make">Makes the request, anew for each try.</param>
    /// <param name="read">Reads an answer that is a success.</param>
    /// <param name="wait">Longest time to an answer's head.</param>
    /// <param name="none">The status that says that there is nothing, which is no fault.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was read; the type's default where there is nothing.</returns>
    internal async Task<T?> TryCallAsync<T>(
        Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read, TimeSpan wait, HttpStatusCode? none, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            TimeSpan asked = TimeSpan.Zero;
            HttpResponseMessage? answer = null;
            bool isGiven = false;
            try
            {
                using HttpRequestMessage request = make();
                answer = await AskAsync(request, wait, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    T result = await read(answer, cancellationToken);
                    isGiven = ReferenceEquals(result, answer);
                    return result;
                }

                if (answer.StatusCode == none)
                {
                    return default;
                }

                if (!ServerFaults.IsTransient(answer.StatusCode) || _time.GetElapsedTime(start) >= s_patience)
                {
                    await using Stream body = await BodyAsync(answer, cancellationToken);
                    throw await ServerFaults.ReadAsync(answer, body, _address.Place, _address.Token is not null, cancellationToken);
                }

                asked = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            }
            catch (Exception error) when (ServerFaults.IsTransient(error) || error is HttpRequestException)
            {
                if (!ServerFaults.IsTransient(error) || !_hasAnswered || _time.GetElapsedTime(start) >= s_patience)
                {
                    throw ServerFaults.Describe(error, _address.Place);
                }
            }
            finally
            {
                if (!isGiven)
                {
                    answer?.Dispose();
                }
            }

            await Task.Delay(asked > pause ? (asked < s_patience ? asked : s_patience) : pause, _time, cancellationToken);
        }
    }

    /// <summary>Asks until there is an answer that is a success, and leaves its body to the caller, who disposes of it.</summary>
    /// <exception cref="SweepException">As <see cref="CallAsync"/>.</exception>
    internal Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken) =>
        CallAsync(make, static (answer, _) => Task.FromResult(answer), s_usualWait, cancellationToken);

    /// <summary>Closes connections.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>Reads a body of JSON.</summary>
    /// <exception cref="BadInputException">It is none of the API's.</exception>
    internal async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            JsonTypeInfo<T> type = ClientJson.Of<T>();
            await using Stream body = await BodyAsync(answer, cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("found null");
        }
        catch (JsonException error)
        {
            throw new BadInputException($"--server {_address.Place}: found an answer that no 'sweep serve' of this version gives ({OneLine.Of(error.Message).TrimEnd('.')}), expected the address of one.", error);
        }
    }

    /// <summary>An answer's body. Where nothing comes of it for a minute, the connection counts as lost.</summary>
    internal async Task<Stream> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        new WatchedStream(await answer.Content.ReadAsStreamAsync(cancellationToken), Silence, _time);

    // The API's paths begin with a slash; the server's may be below another's.
    internal static string Relative(string path) => path.TrimStart('/');

    private static HttpRequestMessage Make<TBody>(HttpMethod method, string path, TBody body, string? key)
    {
        HttpRequestMessage request = new(method, Relative(path)) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ClientJson.Of<TBody>())) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, TimeSpan wait, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(wait, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            _hasAnswered = true;
            return answer;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not answer within {wait.TotalSeconds:0} s", error);
        }
    }
}
