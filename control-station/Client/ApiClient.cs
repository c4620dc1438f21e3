using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;

namespace VSan.Client;

/// <summary>The station's REST API as typed calls. Every failure leaves as a <see cref="CommandFailure"/>.</summary>
/// <remarks>One per command. A change carries one Idempotency-Key over all its attempts, so that a retry never does it twice.</remarks>
internal sealed class ApiClient : IDisposable
{
    // A station on the same continent answers a SYN in 0.2 s; past 5 s it is down or filtered.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // On top of what the caller asked the station to wait.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    // Waits between attempts: a restart of the station takes about a second.
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly HttpClient _http;
    private readonly bool _dryRun;

    /// <summary>Speaks to one station over one handler, which it owns.</summary>
    /// <param name="server">Base address.</param>
    /// <param name="handler">How it is reached.</param>
    /// <param name="bearerToken">Who asks, or null.</param>
    /// <param name="dryRun">True: the station tries changes and rolls them back; the first ends the command with a <see cref="DryRunOutcome"/>.</param>
    public ApiClient(Uri server, HttpMessageHandler handler, string? bearerToken, bool dryRun = false)
    {
        _dryRun = dryRun;
        _http = new HttpClient(handler) { BaseAddress = new Uri(server, "/api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("vsan", typeof(ApiClient).Assembly.GetName().Version?.ToString(3)));
        if (bearerToken is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearerToken);
    }

    /// <summary>A handler that trusts chains to <paramref name="ca"/> and to nothing else, whatever the machine trusts.</summary>
    public static SocketsHttpHandler Trusting(X509Certificate2 ca)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(ca);
        return new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
    }

    /// <summary>Reads one object.</summary>
    public Task<T> GetAsync<T>(string path, TimeSpan wait, CancellationToken cancellation) =>
        CallAsync<T>(() => new HttpRequestMessage(HttpMethod.Get, Address(path)), wait, cancellation);

    /// <summary>Creates something.</summary>
    public Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, TimeSpan wait, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, TypeInfo<TBody>());
        return CallAsync<TAnswer>(() => WithBody(Post(path), json), wait, cancellation);
    }

    /// <summary>Changes something; <paramref name="body"/> holds what changes.</summary>
    public Task<TAnswer> PatchAsync<TBody, TAnswer>(string path, TBody body, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, TypeInfo<TBody>());
        return CallAsync<TAnswer>(() => WithBody(new HttpRequestMessage(HttpMethod.Patch, Address(path)), json), TimeSpan.Zero, cancellation);
    }

    /// <summary>Runs a verb that takes no body.</summary>
    public Task<TAnswer> PostAsync<TAnswer>(string path, CancellationToken cancellation) =>
        CallAsync<TAnswer>(() => Post(path), TimeSpan.Zero, cancellation);

    /// <summary>Runs a verb whose answer is not read.</summary>
    public Task PostAsync<TBody>(string path, TBody body, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, TypeInfo<TBody>());
        return CallAsync(() => WithBody(Post(path), json), cancellation);
    }

    /// <summary>Runs a verb that takes no body; its answer is not read.</summary>
    public Task PostAsync(string path, CancellationToken cancellation) =>
        CallAsync(() => Post(path), cancellation);

    /// <summary>Runs a verb that takes no body.</summary>
    public Task<T> PostAsync<T>(string path, TimeSpan wait, CancellationToken cancellation) =>
        CallAsync<T>(() => Post(path), wait, cancellation);

    /// <summary>Replaces something.</summary>
    public Task<TAnswer> PutAsync<TBody, TAnswer>(string path, TBody body, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, TypeInfo<TBody>());
        return CallAsync<TAnswer>(
            () => WithBody(new HttpRequestMessage(HttpMethod.Put, Address(path)), json),
            TimeSpan.Zero,
            cancellation);
    }

    /// <summary>Sends a file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="file">The file; it is read from its start at each attempt.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<TAnswer> PutFileAsync<TAnswer>(string path, string file, TimeSpan patience, CancellationToken cancellation) =>
        CallAsync<TAnswer>(() => new HttpRequestMessage(HttpMethod.Put, Address(path)) { Content = new StreamContent(File.OpenRead(file)) }, patience, cancellation);

    /// <summary>Deletes at once.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync(() => new HttpRequestMessage(HttpMethod.Delete, Address(path)), cancellation);

    /// <summary>Starts a deletion that takes its time.</summary>
    public Task<T> DeleteAsync<T>(string path, TimeSpan wait, CancellationToken cancellation) =>
        CallAsync<T>(() => new HttpRequestMessage(HttpMethod.Delete, Address(path)), wait, cancellation);

    /// <summary>Opens the stream of events after <paramref name="lastEventId"/>, or from now on. The caller disposes it.</summary>
    public async Task<Stream> OpenEventsAsync(long? lastEventId, CancellationToken cancellation)
    {
        HttpResponseMessage response = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, "events");
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
                if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId.ToString());
                return request;
            },
            TimeSpan.Zero,
            cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>The generated description of a type of the API.</summary>
    internal static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!;

    // 'audit:verify' alone would be an address of the scheme 'audit'.
    private static Uri Address(string path) => new("./" + path, UriKind.Relative);

    private static HttpRequestMessage Post(string path) => new(HttpMethod.Post, Address(path));

    private static HttpRequestMessage WithBody(HttpRequestMessage request, byte[] json)
    {
        request.Content = new ByteArrayContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private async Task CallAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(make, TimeSpan.Zero, cancellation).ConfigureAwait(false);
    }

    private async Task<T> CallAsync<T>(Func<HttpRequestMessage> make, TimeSpan wait, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(make, wait, cancellation).ConfigureAwait(false);
        try
        {
            byte[] json = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(json, TypeInfo<T>()) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException unexpected)
        {
            throw new CommandFailure(ExitCode.Error, $"The station's answer is not understood: {unexpected.Message}", "Check that vsan and the station have the same version.");
        }
        catch (HttpRequestException lost)
        {
            throw StationUnavailable.Failure(_http.BaseAddress!, lost);
        }
    }

    /// <summary>Sends until an answer comes that is worth having; returns successes only.</summary>
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, TimeSpan wait, CancellationToken cancellation)
    {
        string key = Guid.NewGuid().ToString();
        for (int attempt = 0; ; attempt++)
        {
            bool last = attempt == RetryDelays.Length;
            try
            {
                HttpResponseMessage response = await SendOnceAsync(make, key, wait, cancellation).ConfigureAwait(false);
                if (response.Headers.Contains("Dry-Run")) throw await DryRunOutcome.OfAsync(response, cancellation).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return response;
                using (response)
                {
                    if (last || response.StatusCode != HttpStatusCode.ServiceUnavailable)
                        throw await ProblemOfAsync(response, cancellation).ConfigureAwait(false);
                }
            }
            catch (HttpRequestException failure)
            {
                if (last || !StationUnavailable.IsWorthARetry(failure)) throw StationUnavailable.Failure(_http.BaseAddress!, failure);
            }

            await Task.Delay(RetryDelays[attempt], cancellation).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> make, string key, TimeSpan wait, CancellationToken cancellation)
    {
        using HttpRequestMessage request = make();
        if (request.Method != HttpMethod.Get) request.Headers.Add("Idempotency-Key", key);
        if (_dryRun && request.Method != HttpMethod.Get) request.RequestUri = new Uri($"{request.RequestUri}{(request.RequestUri!.OriginalString.Contains('?', StringComparison.Ordinal) ? '&' : '?')}dryRun=true", UriKind.Relative);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTimeout + wait);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw StationUnavailable.Silent(_http.BaseAddress!, AnswerTimeout + wait);
        }
    }

    private static async Task<CommandFailure> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            byte[] json = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            Problem? problem = JsonSerializer.Deserialize(json, TypeInfo<Problem>());
            if (problem?.Title is not null) return CommandFailure.Of(problem);
        }
        catch (Exception unreadable) when (unreadable is JsonException or HttpRequestException)
        {
            // Not one of the station's own answers: its status alone says what there is to say, below.
            return Bare(response);
        }

        return Bare(response);
    }

    private static CommandFailure Bare(HttpResponseMessage response) =>
        new(ExitCodes.Of(response.StatusCode), $"The station answered {(int)response.StatusCode} {response.ReasonPhrase} without saying why.");
}
