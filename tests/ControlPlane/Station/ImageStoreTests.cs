using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Tests.ControlPlane.Images;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Images come to the station signed and whole, or not at all, and go from there to units of the pool only.</summary>
public sealed class ImageStoreTests(RunningStation station) : IClassFixture<RunningStation>
{
    [Fact]
    public async Task Image_SignedFile_IsKeptAndSentToAUnitOfThePool()
    {
        byte[] file = station.Signed.Make("7.1");
        using HttpResponseMessage added = await PutAsync(file, SignedImage.DigestOf(file));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Image image = (await added.Content.ReadFromJsonAsync(ApiJson.Default.Image))!;
        Assert.Equal(("7.1", SignedImage.DigestOf(file), (long)file.Length, "test key"), (image.Version, image.Digest, image.SizeBytes, image.Signer));

        using Member member = new();
        using HttpClient unit = station.Client(bearer: null, await station.EnrolUnitAsync(member, "image-unit"));
        Assert.Equal(file, await unit.GetByteArrayAsync($"/link/v1/images/{image.Digest}"));
        using HttpRequestMessage rest = new(HttpMethod.Get, $"/link/v1/images/{image.Digest}");
        rest.Headers.Range = new RangeHeaderValue(1000, null);
        using HttpResponseMessage partial = await unit.SendAsync(rest);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(file[1000..], await partial.Content.ReadAsByteArrayAsync());

        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage removed = await administrator.DeleteAsync($"/api/v1/images/{image.Id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using HttpResponseMessage gone = await unit.GetAsync($"/link/v1/images/{image.Digest}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Image_AskedForByAnybodyElse_IsNotSent()
    {
        byte[] file = station.Signed.Make("7.2");
        using HttpResponseMessage added = await PutAsync(file, SignedImage.DigestOf(file));
        string path = $"/link/v1/images/{SignedImage.DigestOf(file)}";
        using HttpClient stranger = station.Client(bearer: null), administrator = station.Administrator();
        using Member host = new(), unadmitted = new();
        using HttpClient asHost = station.Client(bearer: null, (await station.EnrolHostAsync(host, "image-host")).Certificate);
        using HttpClient asStranger = station.Client(bearer: null, unadmitted.Enrol(station.Authority, MemberKind.Unit));
        foreach (HttpClient client in (HttpClient[])[stranger, administrator, asHost, asStranger])
        {
            using HttpResponseMessage answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Image_TamperedOrOfAStranger_LeavesNothing()
    {
        using SignedImage stranger = new();
        byte[] good = station.Signed.Make("7.3"), tampered = [.. good];
        tampered[3000] ^= 1;
        byte[] foreign = stranger.Make("7.3");
        (byte[] File, string Digest)[] bad =
        [
            (tampered, SignedImage.DigestOf(tampered)), (tampered, SignedImage.DigestOf(good)), (good, SignedImage.DigestOf(tampered)), (foreign, SignedImage.DigestOf(foreign)), ([], SignedImage.DigestOf([])),
        ];
        foreach ((byte[] file, string digest) in bad)
        {
            using HttpResponseMessage answer = await PutAsync(file, digest);
            Assert.Equal((HttpStatusCode.BadRequest, "image-refused"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!.Code));
        }

        Assert.DoesNotContain(Directory.GetFiles(station.ImageFolder), path => bad.Any(one => path.Contains(one.Digest, StringComparison.Ordinal)) || path.Contains("incoming", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Image_OfAVersionThatIsThere_IsRefusedAndItsFileGoes()
    {
        byte[] file = station.Signed.Make("7.4"), other = station.Signed.Make("7.4", payloadBytes: 5000);
        using HttpResponseMessage first = await PutAsync(file, SignedImage.DigestOf(file)), again = await PutAsync(file, SignedImage.DigestOf(file)), taken = await PutAsync(other, SignedImage.DigestOf(other));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Conflict), (first.StatusCode, again.StatusCode, taken.StatusCode));
        Assert.True(File.Exists(Path.Combine(station.ImageFolder, $"{SignedImage.DigestOf(file)}.efi")));
        Assert.False(File.Exists(Path.Combine(station.ImageFolder, $"{SignedImage.DigestOf(other)}.efi")));
    }

    private async Task<HttpResponseMessage> PutAsync(byte[] file, string digest)
    {
        using HttpClient client = station.Administrator();
        return await client.PutAsync($"/api/v1/images/{digest}", new ByteArrayContent(file));
    }
}
