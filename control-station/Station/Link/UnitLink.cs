using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;

namespace VSan.Station.Link;

/// <summary>
/// One connection that a unit dialled. HTTP/2 runs on it the other way round: the unit serves, the station asks. Owned by the
/// connection's own task in <see cref="LinkEndpoint"/>; any thread may ask over it meanwhile.
/// </summary>
internal sealed class UnitLink : IDisposable
{
    // A unit reports each second: this long without a line means that its agent hangs, and a new connection is worth trying.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    // An enquiry reads directories; a push may also allocate the space of thick legs.
    private static readonly TimeSpan EnquiryTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PushTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    // Pings find a dead peer within 5 s even while nothing is asked.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    // A report or inventory names every leg, about 40 bytes each: room for 100,000 legs on one unit.
    private const int MessageBytesMax = 4 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _ended = new();
    private Stream? _stream;

    public UnitLink(Guid unitId, Stream stream)
    {
        UnitId = unitId;
        _stream = stream;
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = TakeStreamAsync,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{unitId:D}/link/v1/"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MessageBytesMax,
        };
    }

    public Guid UnitId { get; }

    /// <summary>Whence it was dialled, for people.</summary>
    public string Peer { get; init; } = "unknown";

    public Task<UnitInventory> EnquireAsync(CancellationToken cancellationToken) =>
        AskAsync(() => Request(HttpMethod.Get, "inventory"), UnitLinkJson.Default.UnitInventory, EnquiryTimeout, cancellationToken);

    public Task<FoundLegPage> LegsAsync(Guid after, bool unservedOnly, CancellationToken cancellationToken) =>
        AskAsync(() => Request(HttpMethod.Get, $"legs?after={after:D}&unserved={(unservedOnly ? "true" : "false")}"), UnitLinkJson.Default.FoundLegPage, EnquiryTimeout, cancellationToken);

    public Task<ConfigurationStatus> PushAsync(ConfigurationPush push, CancellationToken cancellationToken)
    {
        HttpRequestMessage Push()
        {
            HttpRequestMessage request = Request(HttpMethod.Put, "configuration");
            request.Content = JsonContent.Create(push, UnitLinkJson.Default.ConfigurationPush);
            return request;
        }

        return AskAsync(Push, UnitLinkJson.Default.ConfigurationStatus, PushTimeout, cancellationToken);
    }

    /// <summary>Hands the unit its next certificate.</summary>
    /// <exception cref="IOException">It did not take it.</exception>
    public async Task HandCertificateAsync(CertificateIssue issue, CancellationToken cancellationToken)
    {
        HttpRequestMessage Put()
        {
            HttpRequestMessage request = Request(HttpMethod.Put, "certificate");
            request.Content = JsonContent.Create(issue, UnitLinkJson.Default.CertificateIssue);
            return request;
        }

        _ = await AskAsync(Put, UnitLinkJson.Default.CertificateIssue, EnquiryTimeout, cancellationToken);
    }

    /// <summary>Hands out reports until the unit ends the stream, falls silent, or the link is ended.</summary>
    public async Task ReadReportsAsync(Func<UnitReport, Task> onReport, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        stop.CancelAfter(SilenceMax);
        using HttpResponseMessage response = await _http.GetAsync(new Uri("reports", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop.Token);
        response.EnsureSuccessStatusCode();
        PipeReader lines = PipeReader.Create(await response.Content.ReadAsStreamAsync(stop.Token));
        while (true)
        {
            ReadResult read = await lines.ReadAsync(stop.Token);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (TryTakeLine(ref rest, out ReadOnlySequence<byte> line))
            {
                stop.CancelAfter(SilenceMax);
                await onReport(ReadReport(line));
            }

            lines.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) return;
            if (rest.Length > MessageBytesMax) throw new InvalidDataException($"A report is longer than {MessageBytesMax} bytes.");
        }
    }

    /// <summary>
    /// True when the unit's end answers now. A machine that was switched off or restarted does not; the probe waits two seconds for it,
    /// which is as long as the return of such a unit is held up.
    /// </summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(() => Request(HttpMethod.Get, "inventory"), UnitLinkJson.Default.UnitInventory, ProbeTimeout, cancellationToken);
            return true;
        }
        catch (Exception dead) when (dead is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>True once the link was ended from this side.</summary>
    public bool HasEnded => _ended.IsCancellationRequested;

    /// <summary>Ends the link from the station's side: its task leaves <see cref="ReadReportsAsync"/> and closes the connection.</summary>
    public void End() => _ended.Cancel();

    public void Dispose()
    {
        _ended.Cancel();
        _http.Dispose();
        _stream?.Dispose();
    }

    /// <summary>The client's defaults hold for its shorthands only; a request that goes by SendAsync says itself that it wants HTTP/2.</summary>
    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is not { } end) return false;
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private UnitReport ReadReport(ReadOnlySequence<byte> line)
    {
        Utf8JsonReader json = new(line);
        UnitReport? report = JsonSerializer.Deserialize(ref json, UnitLinkJson.Default.UnitReport);
        return report?.UnitId == UnitId ? report : throw new InvalidDataException("A report is of another unit.");
    }

    private async Task<T> AskAsync<T>(Func<HttpRequestMessage> request, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        stop.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage message = request();
            using HttpResponseMessage response = await _http.SendAsync(message, stop.Token);
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, stop.Token);
            return await response.Content.ReadFromJsonAsync(type, stop.Token) ?? throw new IOException($"Unit {UnitId} answered with nothing.");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new IOException($"Unit {UnitId} could not be asked: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException(_ended.IsCancellationRequested ? $"The link of unit {UnitId} ended." : $"Unit {UnitId} did not answer within {timeout.TotalSeconds} s.", exception);
        }
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = await response.Content.ReadFromJsonAsync(UnitLinkJson.Default.Problem, cancellationToken);
        string detail = problem?.Detail ?? $"HTTP {(int)response.StatusCode}";
        return problem?.Code is "generation-refused" or "stale-epoch"
            ? new GenerationRefusedException(detail)
            : new IOException($"Unit {UnitId} refused: {detail}");
    }

    // HTTP/2 puts every request on one connection; when it has ended, the link has, and a new one comes from the unit.
    private ValueTask<Stream> TakeStreamAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _stream, null) is { } stream
            ? ValueTask.FromResult(stream)
            : ValueTask.FromException<Stream>(new IOException("The unit's connection has ended."));
}
