using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VSan.UnitAgent.Link;

/// <summary>The agent's HTTP server: HTTP/2 without TLS of its own, on connections that are TLS already.</summary>
internal static class LinkServer
{
    // A dead peer is noticed within 5 s; the station's view of the unit (suspect at 3 s) depends on redialling soon.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);

    // A leg is about 400 bytes of a document, and 1 KiB with the record beside it: room for 40,000 legs.
    private const long BodySizeMax = 64 * 1024 * 1024;

    /// <summary>Builds the server; it dials as soon as it is started.</summary>
    public static WebApplication Build(IConnectionListenerFactory transport, LinkEndpoints endpoints, ILoggerFactory logs)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.Services.AddSingleton(logs);
        _ = builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _ = builder.Services.AddRoutingCore();
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        _ = builder.Services.AddSingleton(transport);
        WebApplication server = builder.Build();
        endpoints.Map(server);
        return server;
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodySizeMax;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
        kestrel.Listen(new StationEndPoint(), link => link.Protocols = HttpProtocols.Http2);
    }

    /// <summary>The program owns the signals, not the server.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
