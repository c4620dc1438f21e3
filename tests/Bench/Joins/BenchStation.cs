using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;

namespace VSan.Tests.Bench.Joins;

/// <summary>The control station as a process with a fresh state, and an administrator signed in to it.</summary>
internal sealed class BenchStation : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly BenchProcess _process;
    private readonly HttpClient _api;

    private BenchStation(BenchProcess process, HttpClient api, Uri address, CaFingerprint authority) =>
        (_process, _api, Address, Authority) = (process, api, address, authority);

    public Uri Address { get; }

    public CaFingerprint Authority { get; }

    /// <summary>VmRSS.</summary>
    public double ResidentMebibytes => Memory("VmRSS:");

    /// <summary>VmHWM.</summary>
    public double PeakMebibytes => Memory("VmHWM:");

    /// <summary>User and system time of all its threads.</summary>
    public double ProcessorSeconds => _process.ProcessorTime.TotalSeconds;

    public static async Task<BenchStation> StartAsync(string file, string folder)
    {
        string state = Path.Combine(folder, "station.state");
        using JsonDocument first = JsonDocument.Parse(BenchProcess.Run(file, "init", "--state", state, "--name", "bench", "--address", "127.0.0.1"));
        string password = first.RootElement.GetProperty("password").GetString()!;
        string userName = first.RootElement.GetProperty("userName").GetString()!;
        _ = CaFingerprint.TryParse(first.RootElement.GetProperty("caFingerprint").GetString(), out CaFingerprint? authority);
        (int listen, int link) = (FreePort(), FreePort());
        // All units of the bench knock from one address; a station behind such a gateway is told so too.
        BenchProcess process = BenchProcess.Start(
            file, "run", "--state", state, "--listen", $"127.0.0.1:{listen}", "--link", $"127.0.0.1:{link}", "--enrolment-rate", "100000");
        Uri address = new($"https://127.0.0.1:{listen}");
        using X509Certificate2 ca = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(state, "ca.crt")));
        HttpClient api = new(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PinnedAuthority.Policy(X509CertificateLoader.LoadCertificate(ca.RawData)) } })
        {
            BaseAddress = address,
        };
        BenchStation station = new(process, api, address, authority!);
        await station.SignInAsync(userName, password);
        return station;
    }

    public async Task<TokenCreated> CreateTokenAsync(int uses)
    {
        using HttpResponseMessage answer = await _api.PostAsJsonAsync("/api/v1/tokens", new TokenCreate(AutoApprove: true, uses, LifetimeSeconds: null), ApiJson.Default.TokenCreate);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ApiJson.Default.TokenCreated))!;
    }

    public async Task<int> ReadyUnitsAsync(CancellationToken cancellationToken) =>
        (await _api.GetFromJsonAsync("/api/v1/pool", ApiJson.Default.Pool, cancellationToken))!.UnitsReady;

    public void Dispose()
    {
        _api.Dispose();
        _process.Dispose();
    }

    private async Task SignInAsync(string userName, string password)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!await IsReadyAsync(patience.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException("The station ended before it was ready; its output is above.");
            await Task.Delay(Poll, patience.Token);
        }

        using HttpResponseMessage answer = await _api.PostAsJsonAsync("/api/v1/sessions", new SessionCreate(userName, password), ApiJson.Default.SessionCreate);
        SessionCreated session = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ApiJson.Default.SessionCreated))!;
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.BearerToken);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _api.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private double Memory(string name)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
