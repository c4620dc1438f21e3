using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Tests.ControlPlane.Execution;
using VSan.WebOs;
using VSan.WebOs.Shell;
using Xunit;

namespace VSan.Tests.ControlPlane.WebOs;

/// <summary>
/// The web OS on a loopback port, over the services of a pool with simulated units and a store in memory. Who asks is said by a header, where
/// the station reads a session.
/// </summary>
public sealed class WebConsole : IAsyncLifetime
{
    public const string HostileName = "<img src=x onerror=alert(1)>\"'&";

    private const string PersonHeader = "X-Person";

    private readonly SimulatedPool _pool = new();
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public WebConsole()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            if (PersonOf(context.Request) is { } caller) context.Features.Set(caller with { PersonId = PersonId });
            return next(context);
        });
        _app.MapWebOs(_pool.Services, Commands, DroppedImages.Add, examine: () => new Diagnosis(false, [new Finding("clock", FindingSeverity.Warning, HostileName, "Look at it.")]));
    }

    internal SimulatedPool Pool => _pool;

    internal RecordedCommands Commands { get; } = new();

    /// <summary>Digests of images whose file was to be removed.</summary>
    internal List<string> DroppedImages { get; } = [];

    /// <summary>Whose account the requests are about; null for somebody who has none.</summary>
    internal Guid? PersonId { get; set; }

    internal StationServices Services => _pool.Services;

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
        _client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        await _pool.JoinAsync("unit-1");
        await _pool.JoinAsync("unit-2");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _pool.DisposeAsync();
    }

    /// <summary>Every address that takes a method, of an object that is not there.</summary>
    internal IEnumerable<string> Addresses(string method) => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(address => address.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(method))
        .Select(address => Regex.Replace(address.RoutePattern.RawText!, @"\{\w+\}", Guid.Empty.ToString()));

    /// <summary>Opens a page as somebody with one role.</summary>
    internal async Task<ConsolePage> OpenAsync(string path, Role role = Role.Admin)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await SendAsync(request, role);
    }

    /// <summary>Sends a form as a browser does.</summary>
    internal async Task<ConsolePage> PostAsync(string path, Role role = Role.Admin, params (string Name, string Value)[] fields)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await SendAsync(request, role);
    }

    /// <summary>Sends a form and goes where the answer leads.</summary>
    internal async Task<ConsolePage> FollowAsync(string path, Role role = Role.Admin, params (string Name, string Value)[] fields)
    {
        ConsolePage answer = await PostAsync(path, role, fields);
        Assert.True(answer.Status == HttpStatusCode.SeeOther, $"{answer.Status}: {answer.Text}");
        return await OpenAsync(answer.Location!, role);
    }

    /// <summary>The outcome of the last request that was audited for an action.</summary>
    internal async Task<string?> LastAuditAsync(string action) =>
        (await Services.Audit.ListAsync(SimulatedPool.Admin, new AuditQuery(Limit: 1, Action: action), default)).Items is [var last, ..] ? last.Outcome : null;

    private async Task<ConsolePage> SendAsync(HttpRequestMessage request, Role role)
    {
        request.Headers.Add(PersonHeader, role.ToString());
        request.Headers.Add("Cookie", $"{SessionCookie.Name}=of-{role}");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        return new ConsolePage(this, role, answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync());
    }

    private static Caller? PersonOf(HttpRequest request) =>
        Enum.TryParse(request.Headers[PersonHeader].ToString(), out Role role) ? Caller.Of(role.ToString(), role) : null;
}
