using System.Net;
using Microsoft.AspNetCore.Http;
using VSan.Station.Enrolment;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class EnrolmentRateTests
{
    // Two and a half seconds of one each.
    private const int Burst = 3;

    [Fact]
    public void Count_MoreThanTheBurst_IsRefusedWithAPauseAndOnlyForThisPeer()
    {
        using EnrolmentRate rate = new(perSecond: 1);
        for (int sent = 0; sent < Burst; sent++) rate.Count(From("192.0.2.1"));

        // One more is refused unless the clock has just given one back: then the next is.
        HttpContext refused = From("192.0.2.1");
        ProblemException problem = Assert.Throws<ProblemException>(() =>
        {
            for (int sent = 0; sent <= Burst; sent++) rate.Count(refused);
        });
        Assert.Equal("rate-limited", problem.Code);
        Assert.Equal("1", refused.Response.Headers.RetryAfter);
        rate.Count(From("192.0.2.2"));
    }

    [Fact]
    public void Count_AddressesOfOneIpv6Network_AreOnePeer()
    {
        using EnrolmentRate rate = new(perSecond: 1);

        Assert.Throws<ProblemException>(() =>
        {
            for (int host = 1; host <= 2 * Burst; host++) rate.Count(From($"2001:db8:0:1::{host}"));
        });
        rate.Count(From("2001:db8:0:2::1"));
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
