using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>The enrolment endpoint of a station over real TLS.</summary>
internal sealed class EnrolmentStation : IAsyncDisposable
{
    private readonly WebApplication _server;

    private EnrolmentStation(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    /// <summary>Packets that arrived, in order.</summary>
    public List<StartupPacket> Packets { get; } = [];

    /// <summary>Connections by which anything was asked.</summary>
    public HashSet<string> Connections { get; } = [];

    /// <summary>How each packet is answered.</summary>
    public required Func<StartupPacket, (int Status, EnrolmentAnswer? Answer)> OnPacket { get; init; }

    /// <param name="certificate">What the server shows.</param>
    /// <param name="offeredAuthority">The CA certificate that it offers, PEM.</param>
    /// <param name="onPacket">How each packet is answered.</param>
    public static async Task<EnrolmentStation> StartAsync(
        X509Certificate2 certificate,
        string offeredAuthority,
        Func<StartupPacket, (int Status, EnrolmentAnswer? Answer)> onPacket)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        WebApplication server = builder.Build();
        EnrolmentStation station = new(server) { OnPacket = onPacket };
        server.Run(context =>
        {
            station.Connections.Add(context.Connection.Id);
            return context.Request.Path == "/enrolment/v1/ca" ? context.Response.WriteAsync(offeredAuthority) : station.AnswerAsync(context);
        });
        await server.StartAsync();
        return station;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        StartupPacket packet = (await JsonSerializer.DeserializeAsync(context.Request.Body, EnrolmentJson.Default.StartupPacket))!;
        Packets.Add(packet);
        (int status, EnrolmentAnswer? answer) = OnPacket(packet);
        context.Response.StatusCode = status;
        Problem problem = new("/errors/token-invalid", "Token", status, "The token is unknown.", "token-invalid");
        await context.Response.Body.WriteAsync(answer is null
            ? JsonSerializer.SerializeToUtf8Bytes(problem, UnitLinkJson.Default.Problem)
            : JsonSerializer.SerializeToUtf8Bytes(answer, EnrolmentJson.Default.EnrolmentAnswer));
    }
}
