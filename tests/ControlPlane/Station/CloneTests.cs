using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>The same identity alive twice, and members that are shut out while they are linked: over real TLS.</summary>
public sealed class CloneTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Dial_TwoMachinesWithOneIdentity_BothAreCutOffAndTheUnitIsSetAside()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "twin");
        await using LinkedUnit first = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
        await using LinkedUnit second = await LinkedUnit.DialAsync(station, certificate, member.Id);

        await UntilAsync(member.Id, unit => unit.State == UnitState.Quarantined);
        await first.Ended.WaitAsync(Deadline);
        await second.Ended.WaitAsync(Deadline);
        await using LinkedUnit third = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await third.Ended.WaitAsync(Deadline);
        using HttpClient stranger = station.Client(bearer: null);
        using HttpResponseMessage refused = await stranger.PostAsJsonAsync("/enrolment/v1/startup", RunningStation.Packet(member, "twin"), EnrolmentJson.Default.StartupPacket);
        Assert.Equal("member-quarantined", (await refused.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!.Code);

        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage approved = await administrator.PostAsync($"/api/v1/units/{member.Id}:approve", null);
        await using LinkedUnit survivor = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
    }

    [Fact]
    public async Task Dial_UnitThatRestarted_IsNoClone()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "restarted");
        await using (await LinkedUnit.DialAsync(station, certificate, member.Id))
            await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
        await using LinkedUnit again = await LinkedUnit.DialAsync(station, certificate, member.Id);

        await again.Asked.WaitAsync(Deadline);
        await UntilAsync(member.Id, unit => unit.State == UnitState.Ready);
    }

    [Theory]
    [InlineData("retire")]
    [InlineData("forget")]
    public async Task Revoked_WhileLinked_ConnectionIsCutAndTheCertificateOpensNothing(string verb)
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, $"revoked-{verb}");
        await using LinkedUnit unit = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await UntilAsync(member.Id, found => found.State == UnitState.Ready);
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage answer = verb == "forget"
            ? await administrator.DeleteAsync($"/api/v1/units/{member.Id}")
            : await administrator.PostAsync($"/api/v1/units/{member.Id}:{verb}", null);
        Assert.True(answer.IsSuccessStatusCode);

        await unit.Ended.WaitAsync(Deadline);
        await using LinkedUnit again = await LinkedUnit.DialAsync(station, certificate, member.Id);
        await again.Ended.WaitAsync(Deadline);
        Assert.False(again.Asked.IsCompleted);
    }

    private async Task<X509Certificate2> EnrolAsync(Member member, string name)
    {
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage made = await administrator.PostAsJsonAsync("/api/v1/tokens", new TokenCreate(true, 1, null), ApiJson.Default.TokenCreate);
        TokenCreated token = (await made.Content.ReadFromJsonAsync(ApiJson.Default.TokenCreated))!;
        Assert.True(EnrolmentToken.TryParse(token.Secret, out EnrolmentToken? secret));
        StartupPacket packet = RunningStation.Packet(member, name);
        packet = packet with { Proof = new TokenProof(secret.Id, EnrolmentTranscript.Mac(secret.ProofKey(), packet, station.Authority.Fingerprint)) };
        using HttpClient stranger = station.Client(bearer: null);
        using HttpResponseMessage approved = await stranger.PostAsJsonAsync("/enrolment/v1/startup", packet, EnrolmentJson.Default.StartupPacket);
        EnrolmentAnswer answer = (await approved.Content.ReadFromJsonAsync(EnrolmentJson.Default.EnrolmentAnswer))!;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        return certificate.CopyWithPrivateKey(member.Key);
    }

    private Task UntilAsync(Guid unitId, Func<VSan.Contracts.Api.Unit, bool> condition) => StationTests.UntilAsync(async () =>
    {
        using HttpClient administrator = station.Administrator();
        return condition((await administrator.GetFromJsonAsync($"/api/v1/units/{unitId}", ApiJson.Default.Unit))!);
    });
}
