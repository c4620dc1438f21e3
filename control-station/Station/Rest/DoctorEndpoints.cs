using VSan.Contracts.Api;
using VSan.Station.Doctor;

namespace VSan.Station.Rest;

/// <summary><c>/doctor</c>.</summary>
internal sealed class DoctorEndpoints(StationDoctor doctor)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/doctor", GetAsync).Needs("doctor.read");

    private Task GetAsync(HttpContext context) => Reply.OkAsync(context, doctor.Examine(), ApiJson.Default.Diagnosis);
}
