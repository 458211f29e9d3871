#define BOOST_TEST_MODULE style
#include <boost/test/unit_test.hpp>
