using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using VSan.Contracts.Api;
using VSan.Images;
using VSan.Station.Doctor;
using VSan.Station.Execution;
using VSan.Station.Images;
using VSan.Station.Rest;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>The REST API on a loopback port, over the services of a pool with two simulated units, a host and a person who may everything.</summary>
internal sealed class RestPool : IAsyncDisposable
{
    /// <summary>The person's password.</summary>
    public const string Password = "a long password";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsan-rest-");

    private RestPool()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseMiddleware<ProblemMiddleware>();
        _app.UseMiddleware<CallerMiddleware>(Services.Sessions, Services.Hosts, Services.Access, new DenialRate(TimeProvider.System));
        RestApi.Map(_app, Services, new StationDoctor(Path.GetTempPath(), TimeProvider.System), new ImageFiles(_folder.FullName, ImageSigners.None), TimeProvider.System, CancellationToken.None);
    }

    public static Caller Admin => SimulatedPool.Admin;

    public SimulatedPool Pool { get; } = new();

    public StationServices Services => Pool.Services;

    public HttpClient Client { get; } = new();

    public Guid One { get; private set; }

    public Guid Two { get; private set; }

    public Guid HostId { get; private set; }

    /// <summary>The person that <see cref="Client"/> is signed in as.</summary>
    public Caller Person { get; private set; } = Admin;

    public static async Task<RestPool> StartAsync()
    {
        RestPool rest = new();
        await rest._app.StartAsync();
        string bearer = await SignedIn.BearerAsync(rest.Pool.Store, Password, new Binding(Role.Admin, Scope.All));
        rest.Person = Assert.IsType<Caller>(await rest.Services.Sessions.AuthenticateAsync(bearer, default));
        rest.Client.BaseAddress = new Uri(new Uri(rest._app.Urls.Single()), $"{RestApi.Root}/");
        rest.Client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        rest.One = await rest.Pool.JoinAsync("one");
        rest.Two = await rest.Pool.JoinAsync("two");
        rest.HostId = (await rest.Services.Hosts.CreateAsync(Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default)).Id;
        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Pool.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
