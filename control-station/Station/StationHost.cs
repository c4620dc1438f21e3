using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VSan.Station.Commands;
using VSan.Station.Doctor;
using VSan.Station.Enrolment;
using VSan.Station.Execution;
using VSan.Station.Images;
using VSan.Station.Link;
using VSan.Station.Rest;
using VSan.WebOs;
using VSan.WebOs.Apps.Console;

namespace VSan.Station;

/// <summary>The composition root: one web server with two listeners, HTTPS for people and programs, and the link that units dial.</summary>
internal sealed class StationHost : IAsyncDisposable
{
    private const long BodyBytesMax = 1024 * 1024;

    // A service manager is promised an end within 5 s.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    private readonly EnrolmentRate _rate;
    private readonly WebApplication _app;
    private ListenOptions? _api;
    private ListenOptions? _link;

    public StationHost(StationParts parts)
    {
        _rate = new EnrolmentRate(parts.EnrolmentPerSecond);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddStationConsole();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(parts).AddSingleton(parts.Time).AddSingleton(parts.Store).AddSingleton<UnitLinks>().AddSingleton<StationLog>();
        builder.Services.AddSingleton(provider => Compose(provider, parts));
        builder.Services.AddSingleton<ICommandConsole>(_ => new CommandProcess(parts.StatePath, () => ApiEndPoint));
        builder.Services.AddHostedService<StationWork>().AddHostedService<DailyCopy>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, parts));
        _app = builder.Build();
        Map(parts);
    }

    /// <summary>Where HTTPS is served; known once started.</summary>
    public IPEndPoint ApiEndPoint => _api?.IPEndPoint ?? throw new InvalidOperationException("The station is not started.");

    /// <summary>Where units dial; known once started.</summary>
    public IPEndPoint LinkEndPoint => _link?.IPEndPoint ?? throw new InvalidOperationException("The station is not started.");

    /// <summary>What is served here.</summary>
    public StationServices Services => _app.Services.GetRequiredService<StationServices>();

    /// <summary>Every address of every listener that speaks HTTP.</summary>
    public IEnumerable<RouteEndpoint> Addresses => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>A log beside the host's own.</summary>
    public ILogger<T> Log<T>() => _app.Services.GetRequiredService<ILogger<T>>();

    /// <summary>Listens; answers requests when the task has ended.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>Ends when SIGTERM or SIGINT has come and the last request is answered or cut off.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rate.Dispose();
    }

    private static StationServices Compose(IServiceProvider provider, StationParts parts) => StationServices.Create(
        parts.Store,
        provider.GetRequiredService<UnitLinks>(),
        parts.Authority,
        parts.Protector,
        parts.Time,
        provider.GetRequiredService<StationLog>());

    private void Listen(KestrelServerOptions kestrel, StationParts parts)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Listen(parts.Listen, api =>
        {
            _api = api;
            api.Protocols = HttpProtocols.Http1AndHttp2;
            api.UseHttps(https => HostCertificates.Ask(https, parts));
        });
        kestrel.Listen(parts.Link, link =>
        {
            _link = link;
            LinkEndpoint endpoint = new(
                kestrel.ApplicationServices.GetRequiredService<UnitLinks>(),
                kestrel.ApplicationServices.GetRequiredService<StationServices>(),
                parts.Authority,
                parts.Time,
                kestrel.ApplicationServices.GetRequiredService<ILogger<LinkEndpoint>>());
            endpoint.Configure(link, parts.ServerCertificate);
        });
    }

    private void Map(StationParts parts)
    {
        StationServices services = Services;
        _app.Use(SecurityHeaders.AddAsync);
        _app.UseMiddleware<ProblemMiddleware>();
        _app.UseMiddleware<CallerMiddleware>(services.Sessions, services.Hosts, services.Access, new DenialRate(parts.Time));
        new HealthEndpoints(parts.Store, _app.Services.GetRequiredService<ILogger<HealthEndpoints>>()).Map(_app);
        new EnrolmentEndpoints(services.Enrolment, parts.Authority, _rate, () => LinkEndPoint).Map(_app);
        StationDoctor doctor = new(parts.StatePath, parts.Time);
        ImageFiles images = new(parts.StatePath, parts.ImageSigners);
        new ImageDownloads(images, services.Units).Map(_app);
        RestApi.Map(_app, services, doctor, images, parts.Time, _app.Lifetime.ApplicationStopping);
        new MetricsEndpoint(services.Pool, parts.Time).Map(_app);
        _app.MapWebOs(services, _app.Services.GetRequiredService<ICommandConsole>(), images.Remove, parts.Time, doctor.Examine);
    }
}
